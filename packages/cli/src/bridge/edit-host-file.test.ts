import { expect, test } from 'vitest';
import { editHostFile } from './edit-host-file.ts';
import type { HostFile } from './host-files.ts';

const entry = { command: 'mcp-tasks', args: ['bridge', 'https://example.com/mcp'] };
const edit = (shape: HostFile['shape'], text: string, value: typeof entry | 'removed' = entry) =>
  editHostFile(text, { shape, path: '/home/me/file' }, 'example', value === 'removed' ? undefined : value);

test("adding an entry to a JSON file keeps the file's comments and indentation", () => {
  expect(edit('mcpServers', '{\n    // mine\n    "theme": "dark"\n}\n')).toBe(
    `{
    // mine
    "theme": "dark",
    "mcpServers": {
        "example": {
            "command": "mcp-tasks",
            "args": [
                "bridge",
                "https://example.com/mcp"
            ]
        }
    }
}
`,
  );
});

test('adding an entry creates a missing file', () => {
  expect(JSON.parse(edit('opencode', ''))).toEqual({
    mcp: { example: { type: 'local', command: ['mcp-tasks', 'bridge', 'https://example.com/mcp'], enabled: true } },
  });
});

const codex = '# mine\nmodel = "x"\n\n[mcp_servers.other]\ncommand = "other"\n';

test('adding, repeating and removing an entry in TOML keeps comments and other servers', () => {
  const added = edit('codex', codex);
  expect(added).toBe(
    `${codex}\n[mcp_servers.example]\ncommand = "mcp-tasks"\nargs = [ "bridge", "https://example.com/mcp" ]\nrequired = true\n`,
  );
  expect(edit('codex', added)).toBe(added);
  expect(edit('codex', added, 'removed')).toBe(codex);
});

test('adding and removing an entry in YAML keeps comments', () => {
  const text = '# mine\nGOOSE_MODEL: x\n';
  const added = edit('goose', text);
  expect(added).toContain('# mine');
  expect(added).toContain('cmd: mcp-tasks');
  expect(edit('goose', added, 'removed')).not.toContain('mcp-tasks');
});
