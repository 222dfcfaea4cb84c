export { startWorkbench, type Workbench, type WorkbenchOptions } from './startWorkbench';
