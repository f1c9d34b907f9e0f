import { embedding } from './models.mjs';

const texts = ['The first text', 'Grüße, 世界'];

export const embeddingsFloat = (client) => client.embeddings.create({ model: embedding, input: texts, encoding_format: 'float', dimensions: 8 });
export const embeddingsBase64 = (client) => client.embeddings.create({ model: embedding, input: texts, encoding_format: 'base64', dimensions: 8 });
export const embeddingsDefault = (client) => client.embeddings.create({ model: embedding, input: texts[0] });
export const embeddingsTokens = (client) => client.embeddings.create({ model: embedding, input: [[1, 2, 3], [4, 5]], dimensions: 4 });

export async function modelsList(client) {
  const models = [];
  for await (const model of client.models.list()) models.push(model);
  return models;
}

export const modelsRetrieve = (client, { model }) => client.models.retrieve(model);
