export { startDashboard, type Dashboard, type DashboardOptions } from "./start-dashboard.ts";
