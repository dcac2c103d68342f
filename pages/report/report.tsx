import { render, type VNode } from "preact";
import { Help } from "../shared/key-help.tsx";
import { followTheme } from "../shared/theme.ts";
import { Filters } from "./filters.tsx";
import { Gallery } from "./gallery.tsx";
import { Header } from "./header.tsx";
import { ItemDialog } from "./item-dialog.tsx";
import { listenToKeys } from "./keyboard.ts";
import { reportKeys } from "./report-keys.ts";
import { failure, readIndex, tellFailure } from "./report-store.ts";
import { SummaryView } from "./summary-view.tsx";
import { view } from "./view-state.ts";

function App(): VNode {
  return (
    <>
      <Header />
      {failure.value !== undefined && (
        <p class="failure" role="alert">
          {failure.value}
        </p>
      )}
      <main class={`view-${view.value}`}>
        {view.value === "images" ? (
          <>
            <Filters />
            <Gallery />
          </>
        ) : (
          <SummaryView />
        )}
      </main>
      <ItemDialog />
      <Help keys={reportKeys} />
    </>
  );
}

followTheme();
listenToKeys();
readIndex().catch(tellFailure);
const app = document.getElementById("app");
if (app !== null) render(<App />, app);
