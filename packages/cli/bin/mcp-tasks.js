#!/usr/bin/env node
// From Node.js 22.8 on, what was compiled once is kept for the next start.
require('node:module').enableCompileCache?.();
require('../dist/bundle/bin.cjs');
