import { form } from '../tool.ts';

/** The first form of the survey. */
export const YOU = form(
  'About you',
  {
    name: { type: 'string', title: 'Name', minLength: 2, maxLength: 40 },
    email: { type: 'string', title: 'Email', format: 'email' },
    website: { type: 'string', title: 'Website', format: 'uri' },
    birthday: { type: 'string', title: 'Birthday', format: 'date' },
    age: { type: 'integer', title: 'Age', minimum: 0, maximum: 150 },
    newsletter: { type: 'boolean', title: 'Newsletter', default: false },
  },
  ['name', 'email'],
);

/** The second form of the survey. Both forms together have every kind of field. */
export const VISIT = form(
  'About your visit',
  {
    arrivedAt: { type: 'string', title: 'Arrived at', format: 'date-time' },
    rating: { type: 'number', title: 'Rating', minimum: 0, maximum: 5, default: 4.5 },
    drink: { type: 'string', title: 'Drink', enum: ['coffee', 'tea', 'water'], default: 'tea' },
    seat: {
      type: 'string',
      title: 'Seat',
      oneOf: [
        { const: 'window', title: 'At the window' },
        { const: 'aisle', title: 'On the aisle' },
      ],
    },
    extras: {
      type: 'array',
      title: 'Extras',
      items: { type: 'string', enum: ['wifi', 'lunch', 'parking'] },
      maxItems: 2,
    },
    topics: {
      type: 'array',
      title: 'Topics',
      minItems: 1,
      items: {
        anyOf: [
          { const: 'api', title: 'Interfaces' },
          { const: 'ops', title: 'Operations' },
          { const: 'ux', title: 'Terminals' },
        ],
      },
      default: ['api'],
    },
    // Legacy titles of enum values (`enumNames`), which servers of earlier revisions still send.
    badge: { type: 'string', title: 'Badge', enum: ['g', 's'], enumNames: ['Guest', 'Speaker'] },
  },
  ['rating', 'topics'],
);
