import {
  LoadingState,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type PanelData,
} from '@grafana/data';
import { toDataQueryError } from '@grafana/runtime';
import { Observable, from, isObservable, merge, of, timer } from 'rxjs';
import { catchError, map, share, takeUntil } from 'rxjs/operators';

/** Grafana waits so long before it shows that a query is loading. */
const LOADING_AFTER_MS = 50;

/**
 * Grafana's `runRequest`: `Loading` after 50 ms, then one `PanelData` for each packet of the data source; errors are
 * part of the data and never thrown; a cancelled request ends as `Done`, as in Grafana.
 */
export function runRequest(
  dataSource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query']
): Observable<PanelData> {
  const timeRange = request.range;
  let latest: PanelData = { series: [], state: LoadingState.Loading, request, timeRange };
  if (request.targets.length === 0) {
    request.endTime = Date.now();
    return of({ ...latest, state: LoadingState.Done });
  }
  const packets = new Map<string, DataQueryResponse>();
  const data$ = ask(dataSource, request, queryFunction).pipe(
    map((packet) => {
      request.endTime = Date.now();
      packets.set(packet.key ?? 'A', packet);
      latest = merged([...packets.values()], packet.state, request);
      return latest;
    }),
    catchError((error) => {
      if (error?.cancelled) {
        return of({ ...latest, state: LoadingState.Done });
      }
      const queryError = toDataQueryError(error);
      return of({ ...latest, state: LoadingState.Error, error: queryError, errors: [queryError] });
    }),
    share()
  );
  const loading$ = timer(LOADING_AFTER_MS).pipe(
    map(() => latest),
    takeUntil(data$)
  );
  return merge(loading$, data$);
}

function merged(packets: DataQueryResponse[], state: LoadingState | undefined, request: DataQueryRequest): PanelData {
  // left as they came: query variables get lists of { text }, and SceneQueryRunner makes frames of the rest
  const frames = packets.flatMap((packet) => (packet.data ?? []) as DataFrame[]);
  const errors = packets.flatMap((packet) => packet.errors ?? (packet.error ? [packet.error] : []));
  return {
    state: state ?? (errors.length > 0 ? LoadingState.Error : LoadingState.Done),
    series: frames.filter((frame) => frame.meta?.dataTopic !== 'annotations'),
    annotations: frames.filter((frame) => frame.meta?.dataTopic === 'annotations'),
    errors: errors.length > 0 ? errors : undefined,
    error: errors[0],
    request,
    timeRange: request.range,
  };
}

function ask(
  dataSource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query']
): Observable<DataQueryResponse> {
  // a variable's query brings its own function and is not filtered
  if (!queryFunction) {
    request.targets = request.targets.filter(
      (target) => target.hide !== true && (!dataSource.filterQuery || dataSource.filterQuery(target))
    );
  }
  if (request.targets.length === 0) {
    return of({ data: [] });
  }
  try {
    const answer = queryFunction ? queryFunction(request) : dataSource.query(request);
    return isObservable(answer) ? answer : from(answer);
  } catch (error) {
    return new Observable((subscriber) => subscriber.error(error));
  }
}
