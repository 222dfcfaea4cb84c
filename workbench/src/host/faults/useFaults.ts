import { useCallback, useEffect, useState } from 'react';
import { clearFaults, injectFault, listFaults, type Fault } from './faults';

const LOOK_AGAIN_MS = 2000;

interface Faults {
  faults?: Fault[];
  error?: string;
  /** The fault that is being injected, `*` while all are being cleared. */
  busy?: string;
  inject: (name: string) => void;
  clear: () => void;
}

/** The faults of the demo, looked at again every two seconds; a command's error stays until the next command. */
export function useFaults(): Faults {
  const [faults, setFaults] = useState<Fault[]>();
  const [listError, setListError] = useState<string>();
  const [commandError, setCommandError] = useState<string>();
  const [busy, setBusy] = useState<string>();

  const look = useCallback(async (signal?: AbortSignal) => {
    try {
      setFaults(await listFaults(signal));
      setListError(undefined);
    } catch (error) {
      if (!signal?.aborted) {
        setListError(String(error instanceof Error ? error.message : error));
      }
    }
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      await look(abort.signal);
      if (!abort.signal.aborted) {
        timer = setTimeout(again, LOOK_AGAIN_MS);
      }
    };
    again();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [look]);

  const command = async (name: string, run: () => Promise<void>) => {
    setBusy(name);
    setCommandError(undefined);
    try {
      await run();
      await look();
    } catch (error) {
      setCommandError(String(error instanceof Error ? error.message : error));
    } finally {
      setBusy(undefined);
    }
  };

  return {
    faults,
    busy,
    error: commandError ?? listError,
    inject: (name) => void command(name, () => injectFault(name)),
    clear: () => void command('*', clearFaults),
  };
}
