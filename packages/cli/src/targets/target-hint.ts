export const TARGET_HINT =
  'Give a URL, a2a:URL of an agent, a name from a configuration file, demo, or -- command args…';
