/** The users of a new demo panel, in the order of their ids. */
export const DEMO_USERS = [
  { id: 1, name: 'admin', password: 'admin-demo', type: 'admin', resellerId: null },
  { id: 2, name: 'reseller1', password: 'reseller1-demo', type: 'reseller', resellerId: null },
  { id: 3, name: 'client1', password: 'client1-demo', type: 'client', resellerId: 2 },
  { id: 4, name: 'client2', password: 'client2-demo', type: 'client', resellerId: null },
] as const;

/** The mailboxes. Two ids are ids of users too: whoever mixes up the realms is found out. */
export const DEMO_MAIL_USERS = [
  { id: 1, email: 'mbox@example.test', password: 'mbox-demo' },
  { id: 3, email: 'second@example.test', password: 'second-demo' },
] as const;
