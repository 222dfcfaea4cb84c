import {
  FieldColorModeId,
  FieldType,
  ThresholdsMode,
  displayNameOverrideProcessor,
  dataLinksOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type DataTransformerInfo,
  type Field,
  type FieldConfigPropertyItem,
  type StandardEditorsRegistryItem,
  type TransformerRegistryItem,
} from '@grafana/data';

const noEditor = () => null;
const onNumbers = (field: Field) => field.type === FieldType.number;
const notOnTime = (field: Field) => field.type !== FieldType.time;

type Process = FieldConfigPropertyItem['process'];

/** `applyFieldOverrides()` copies only the properties that are registered here, so the list must be complete. */
const fieldProperties: Array<
  [id: string, process: Process, byDefault?: unknown, appliesTo?: (field: Field) => boolean]
> = [
  ['displayName', displayNameOverrideProcessor],
  ['unit', unitOverrideProcessor, undefined, notOnTime],
  ['min', numberOverrideProcessor, undefined, onNumbers],
  ['max', numberOverrideProcessor, undefined, onNumbers],
  ['fieldMinMax', identityOverrideProcessor, false, onNumbers],
  ['decimals', numberOverrideProcessor, undefined, onNumbers],
  ['noValue', stringOverrideProcessor],
  ['color', identityOverrideProcessor, { mode: FieldColorModeId.Thresholds }],
  ['links', dataLinksOverrideProcessor],
  ['actions', identityOverrideProcessor],
  ['mappings', valueMappingsOverrideProcessor, []],
  ['thresholds', thresholdsOverrideProcessor, greenThenRed()],
  ['filterable', identityOverrideProcessor],
  ['description', stringOverrideProcessor],
];

const editors =
  'text number slider boolean select unit links actions statsPicker strings timeZone fieldColor color multiSelect fieldName dashboardUid mappings thresholds';

/** Fills the registries that `@grafana/data` reads: field properties, option editors (never shown), transformations. */
export function initRegistries(): void {
  standardFieldConfigEditorRegistry.setInit(() => fieldProperties.map((property) => propertyItem(...property)));
  standardEditorsRegistry.setInit(() =>
    editors.split(' ').map((id): StandardEditorsRegistryItem => ({ id, name: id, editor: noEditor }))
  );
  standardTransformersRegistry.setInit(() => {
    // the object holds joinByField twice (seriesToColumns is its old name)
    const byId = new Map(Object.values(standardTransformers).map((each) => [each.id, each as DataTransformerInfo]));
    return [...byId.values()].map(transformerItem);
  });
}

function propertyItem(
  id: string,
  process: Process,
  defaultValue?: unknown,
  shouldApply: (field: Field) => boolean = () => true
): FieldConfigPropertyItem {
  return {
    id,
    path: id,
    name: id,
    process,
    defaultValue,
    shouldApply,
    editor: noEditor,
    override: noEditor,
    settings: {},
  };
}

function transformerItem(transformation: DataTransformerInfo): TransformerRegistryItem {
  const { id } = transformation;
  return { id, name: id, transformation, editor: noEditor, imageDark: '', imageLight: '' } as TransformerRegistryItem;
}

function greenThenRed() {
  const steps = [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ];
  return { mode: ThresholdsMode.Absolute, steps };
}
