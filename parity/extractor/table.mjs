// Reduces one of Clerk's OpenAPI descriptions to a table of facts: names, types, limits and statuses, one per line.
// Nothing that is written for a reader is copied: no description, title, summary, example or default.
//
//     operation GET /users GetUserList
//       query limit integer maximum=500
//       200 application/json array
//         [] @User
//     schema User object closed
//       .id! string
//
// What belongs to a line stands below it, indented by two spaces. `README.md` explains the words.

const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];

/** The facts of a value's type that are copied with their values. */
const LIMITS = [
  'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'minItems',
  'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'enum',
];

/** Forms of a value: the sign of a line, and the keyword. */
const FORMS = [['&', 'allOf'], ['|', 'oneOf'], ['?', 'anyOf']];

/** The lines of a table, without its head. */
export function toLines(document) {
  const lines = [];
  for (const [path, item] of sorted(document.paths)) {
    for (const method of METHODS.filter((method) => method in item)) addOperation(document, lines, method, path, item);
  }
  for (const [name, { post }] of sorted(document['x-webhooks'])) {
    addSchema(lines, 0, `event ${word(name)}`, post.requestBody.content['application/json'].schema);
  }
  for (const [name, schema] of sorted(document.components.schemas)) addSchema(lines, 0, `schema ${word(name)}`, schema);
  return lines;
}

function addOperation(document, lines, method, path, item) {
  const operation = item[method];
  const deprecated = operation.deprecated ? ' deprecated' : '';
  lines.push(`operation ${method.toUpperCase()} ${word(path)} ${word(operation.operationId)}${deprecated}`);
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => resolve(document, one));
  for (const { in: place, name, required, schema, description, deprecated } of parameters) {
    const described = withLength(deprecated ? { ...schema, deprecated } : schema, description);
    addSchema(lines, 1, `${place} ${word(name)}${required ? '!' : ''}`, described);
  }
  const body = resolve(document, operation.requestBody);
  for (const [type, { schema }] of sorted(body?.content)) {
    addSchema(lines, 1, `body${body.required ? '!' : ''} ${word(type)}`, withLengths(schema));
  }
  for (const [status, reference] of sorted(operation.responses)) {
    const content = sorted(resolve(document, reference).content);
    if (content.length === 0) lines.push(`  ${word(status)}`);
    for (const [type, { schema }] of content) addSchema(lines, 1, `${word(status)} ${word(type)}`, schema ?? {});
  }
}

/** Adds the line of a schema, and below it those of its parts. */
function addSchema(lines, depth, key, schema) {
  const words = [schema.type ?? (schema.$ref ? `@${word(schema.$ref.split('/').pop())}` : 'any')];
  if (schema.type && schema.$ref) words.push(`@${word(schema.$ref.split('/').pop())}`);
  if (schema.nullable) words.push('null');
  if (schema.additionalProperties === false) words.push('closed');
  if (schema.additionalProperties === true) words.push('open');
  if (schema.deprecated) words.push('deprecated');
  for (const name of LIMITS.filter((name) => name in schema)) {
    const value = name === 'enum' ? [...schema.enum].sort() : schema[name];
    words.push(`${name}=${word(JSON.stringify(value).replaceAll(' ', '\\u0020'))}`);
  }
  lines.push(`${'  '.repeat(depth)}${key} ${words.join(' ')}`);

  const properties = schema.properties ?? {};
  const required = new Set(schema.required);
  for (const name of [...new Set([...Object.keys(properties), ...required])].sort()) {
    const property = `.${word(name)}${required.has(name) ? '!' : ''}`;
    // One part of several may say which members are required, and another one what they are.
    if (name in properties) addSchema(lines, depth + 1, property, properties[name]);
    else lines.push(`${'  '.repeat(depth + 1)}${property}`);
  }
  if (schema.items) addSchema(lines, depth + 1, '[]', schema.items);
  if (typeof schema.additionalProperties === 'object') addSchema(lines, depth + 1, '*', schema.additionalProperties);
  for (const [sign, keyword] of FORMS) {
    for (const form of schema[keyword] ?? []) addSchema(lines, depth + 1, sign, form);
  }
}

/** The length of a list in a request, which in many cases only the text has. */
function withLength(schema, text = '') {
  if (schema.type !== 'array') return schema;
  const least = /at least one/.test(text) ? { minItems: 1 } : {};
  const most = text.match(/(?:up to|more than)\s+(\d+)(?=\s|$)/);
  return { ...least, ...(most ? { maxItems: Number(most[1]) } : {}), ...schema };
}

function withLengths(schema) {
  if (schema.items) return { ...schema, items: withLengths(schema.items) };
  const properties = Object.entries(schema.properties ?? {});
  const measured = properties.map(([name, one]) => [name, withLength(one, one.description)]);
  return measured.length === 0 ? schema : { ...schema, properties: Object.fromEntries(measured) };
}

function resolve(document, value) {
  if (!value?.$ref) return value;
  const parts = value.$ref.replace(/^#\//, '').split('/');
  return resolve(document, parts.reduce((found, part) => found[part], document));
}

function sorted(members) {
  return Object.entries(members ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** A name or a value. One with a space would be a sentence, or would break the line. */
function word(text) {
  if (!/^\S+$/.test(text)) throw new Error(`not one word: ${JSON.stringify(text)}`);
  return text;
}
