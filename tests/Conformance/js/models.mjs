// As the suite's own price file names them.
export const plain = 'gpt-conformance';
export const reasoning = 'gpt-5-conformance';
export const embedding = 'text-embedding-conformance';
export const claude = 'claude-conformance';
