#!/usr/bin/env node
// Node.js 22.8 and later cache the compiled code for the next start.
require('node:module').enableCompileCache?.();
require('../dist/bundle/bin.cjs');
