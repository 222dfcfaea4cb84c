import {
  identityOverrideProcessor,
  type FieldConfigEditorBuilder,
  type PanelOptionsEditorBuilder,
} from '@grafana/data';

type Defaults = Record<string, unknown>;
/** The builders' own generics ask for a typed path; here the paths come from a table. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyOptions = PanelOptionsEditorBuilder<any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyField = FieldConfigEditorBuilder<any>;

const noEditor = () => null;

/** Registers a panel's options with the defaults that Grafana's own panel has; there is no editor to show them in. */
export function optionDefaults(builder: AnyOptions, defaults: Defaults): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({ id: path, path, name: path, defaultValue, editor: noEditor });
  }
}

/** The same for the field options (`custom.*`): what is not registered here is dropped from the field configuration. */
export function fieldDefaults(builder: AnyField, defaults: Defaults): void {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({
      id: path,
      path,
      name: path,
      defaultValue,
      editor: noEditor,
      override: noEditor,
      process: identityOverrideProcessor,
      shouldApply: () => true,
    });
  }
}
