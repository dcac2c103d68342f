import { effect } from "@preact/signals";
import { render, type VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Help } from "../shared/key-help.tsx";
import { followTheme } from "../shared/theme.ts";
import { Announcements } from "./announce.tsx";
import { ChunkView } from "./chunk-view.tsx";
import { dashboardKeys, listenToKeys } from "./dashboard-keys.ts";
import { listenWhileSeen } from "./live.ts";
import { followAddress, place, route, routeRun } from "./route.ts";
import { RunView } from "./run-view.tsx";
import { RunsView } from "./runs-view.tsx";
import { TopBar, Warnings } from "./top-bar.tsx";
import { WorkersView } from "./workers-view.tsx";

function App(): VNode {
  return (
    <>
      <TopBar />
      <Warnings />
      <View />
      <Announcements />
      <Help keys={dashboardKeys} />
    </>
  );
}

function View(): VNode {
  const { value } = route;
  useFocusAfterMoves();
  switch (value.view) {
    case "runs":
      return <RunsView />;
    case "workers":
      return <WorkersView />;
    case "run":
      return <RunView key={value.run} id={value.run} states={value.states} />;
    case "chunk":
      return <ChunkView key={`${value.run}/${value.chunk}`} id={value.run} number={value.chunk} />;
    case "nowhere":
      return (
        <main class="page" tabIndex={-1}>
          <p class="nothing">There is nothing at this address.</p>
        </main>
      );
  }
}

/** Tells the tabs of a browser, and its history, apart. */
function followTitle(): void {
  effect(() => {
    const { value } = route;
    const titles = {
      ...{ runs: "Runs", workers: "Workers", nowhere: "Nothing here" },
      run: routeRun.value,
      chunk: value.view === "chunk" ? `chunk ${value.chunk} of ${value.run}` : "",
    };
    document.title = `${titles[value.view]} - vision-batch`;
  });
}

/** After a move what is read begins with the new view, not with the link that has gone. */
function useFocusAfterMoves(): void {
  const { value } = place;
  const seen = useRef(value);
  useLayoutEffect(() => {
    if (seen.current === value) return;
    seen.current = value;
    const main = document.querySelector("main");
    main?.scrollTo(0, 0);
    main?.focus({ preventScroll: true });
  }, [value]);
}

followTheme();
listenToKeys();
followAddress();
followTitle();
listenWhileSeen();
const app = document.getElementById("app");
if (app !== null) render(<App />, app);
