export { finish } from "../../examples/cloud-functions/finish.ts";
export { submit } from "../../examples/cloud-functions/submit.ts";
