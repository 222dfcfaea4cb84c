export type Role = 'Viewer' | 'Editor' | 'Admin';

export interface User {
  id: number;
  uid: string;
  login: string;
  name: string;
  email: string;
  role: Role;
}

export const users = {
  admin: { id: 1, uid: 'workbench-admin', login: 'admin', name: 'Admin', email: 'admin@localhost', role: 'Admin' },
  editor: {
    id: 3,
    uid: 'workbench-editor',
    login: 'editor',
    name: 'Editor',
    email: 'editor@localhost',
    role: 'Editor',
  },
  viewer: {
    id: 2,
    uid: 'workbench-viewer',
    login: 'viewer',
    name: 'Viewer',
    email: 'viewer@localhost',
    role: 'Viewer',
  },
} as const satisfies Record<string, User>;

const RANK: Record<Role, number> = { Viewer: 1, Editor: 2, Admin: 3 };

export function hasRole(user: User, needed: string): boolean {
  return RANK[user.role] >= (RANK[needed as Role] ?? 0);
}

/** `viewer`, `editor`, `admin`, or `anonymous` for nobody; undefined when the name is none of these. */
export function userNamed(name: string | undefined): User | 'anonymous' | undefined {
  if (name === 'anonymous') {
    return 'anonymous';
  }
  return name !== undefined && Object.hasOwn(users, name) ? users[name as keyof typeof users] : undefined;
}
