/**
 * What people say of an estate, as it is stored and exported (`estate.yaml`): whose a component is, its name, its arrows, its values,
 * and which packs are off. Nothing is filled in, so that what is read is what was written.
 */
import { z } from 'zod';

import type { EstateSettings } from '../model/discovery';
import { id, strict } from './notation/values';

const MOST_COMPONENTS = 5_000;
const MOST_OF_ONE = 200;

const short = z.string().max(500);
const componentId = z
  .string()
  .max(300)
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'an id is lower-case words joined by dots and hyphens, like `shop.checkout`');
const values = z.record(short, z.string().max(2_000));

function fewer<T>(most: number, what: string) {
  return [(map: Readonly<Record<string, T>>) => Object.keys(map).length <= most, `at most ${most} ${what}`] as const;
}

const component = strict({
  adopt: z.boolean().optional(),
  hide: z.boolean().optional(),
  title: short.min(1, 'must not be empty').optional(),
  dependsOn: z.array(componentId).max(MOST_OF_ONE).optional(),
  with: z.record(id, values.refine(...fewer(MOST_OF_ONE, 'values'))).optional(),
  kinds: z
    .array(
      strict({
        kind: id,
        dialect: short,
        is: values.refine(...fewer(MOST_OF_ONE, 'labels')),
        with: values.refine(...fewer(MOST_OF_ONE, 'values')).optional(),
      })
    )
    .max(20)
    .optional(),
});

export const estateSettingsSchema = strict({
  components: z
    .record(componentId, component)
    .refine(...fewer(MOST_COMPONENTS, 'components'))
    .optional(),
  packs: z
    .record(id, strict({ off: z.boolean().optional() }))
    .refine(...fewer(MOST_OF_ONE, 'packs'))
    .optional(),
}) satisfies z.ZodType<EstateSettings>;
