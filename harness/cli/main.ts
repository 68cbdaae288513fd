#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { terminalOf } from './terminal.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), terminalOf(process.env));
