// The names in the price file of this suite.
export const plain = 'gpt-conformance';
export const reasoning = 'gpt-5-conformance';
export const embedding = 'text-embedding-conformance';
export const claude = 'claude-conformance';
