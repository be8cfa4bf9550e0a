/** An entry of the side menu. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly path: string;
}

/** A module of the panel: an entry of the top menu, and its side menu by sections. */
export interface Module {
  readonly label: string;
  /** Where it starts. */
  readonly start: string;
  readonly sections: Readonly<Record<string, readonly MenuItem[]>>;
}

const item = (id: string, label: string, path: string): MenuItem => ({ id, label, path });

export const modules: Readonly<Record<string, Module>> = {
  dashboard: { label: 'Home', start: 'dashboard/dashboard.php', sections: {} },
  client: {
    label: 'Client',
    start: 'client/client_list.php',
    sections: { Clients: [item('client_list', 'Clients', 'client/client_list.php')] },
  },
  mail: {
    label: 'Email',
    start: 'mail/mail_user_list.php',
    sections: { 'Email Accounts': [item('mail_user_list', 'Email Mailbox', 'mail/mail_user_list.php')] },
  },
  sites: {
    label: 'Sites',
    start: 'sites/web_vhost_domain_list.php',
    sections: { Websites: [item('web_vhost_domain_list', 'Website', 'sites/web_vhost_domain_list.php')] },
  },
  dns: {
    label: 'DNS',
    start: 'dns/dns_soa_list.php',
    sections: { DNS: [item('dns_soa_list', 'Zones', 'dns/dns_soa_list.php')] },
  },
  monitor: {
    label: 'Monitor',
    start: 'monitor/show_sys_state.php',
    sections: { System: [item('sys_state', 'System State', 'monitor/show_sys_state.php')] },
  },
  help: {
    label: 'Help',
    start: 'help/support_message_list.php',
    sections: { Support: [item('support_list', 'View messages', 'help/support_message_list.php')] },
  },
  tools: {
    label: 'Tools',
    start: 'tools/user_settings.php',
    sections: {
      'User Settings': [item('user_settings', 'User Settings', 'tools/user_settings.php')],
      'Sync Tools': [item('resync', 'Resync', 'tools/resync.php')],
    },
  },
  admin: {
    label: 'System',
    start: 'admin/users_list.php',
    sections: {
      'User Management': [
        item('user_list', 'CP Users', 'admin/users_list.php'),
        item('remote_user_list', 'Remote Users', 'admin/remote_user_list.php'),
      ],
      System: [item('server_list', 'Server Services', 'admin/server_list.php')],
    },
  },
  mailuser: {
    label: 'Email Account',
    start: 'mailuser/index.php',
    sections: {
      'Email Account': [
        item('mail_user_overview', 'Overview', 'mailuser/index.php'),
        item('mail_user_password', 'Password', 'mailuser/mail_user_password_edit.php'),
        item('mail_user_autoresponder', 'Autoresponder', 'mailuser/mail_user_autoresponder_edit.php'),
      ],
    },
  },
};

/** Further pages of the modules, which say little here: lists, and forms under them. */
export const plainPages: readonly string[] = [
  'admin/groups_list.php',
  'admin/remote_user_list.php',
  'admin/server_list.php',
  'admin/system_config_edit.php',
  'client/client_edit.php',
  'client/client_list.php',
  'client/reseller_list.php',
  'dns/dns_soa_list.php',
  'help/support_message_list.php',
  'mail/mail_domain_list.php',
  'mail/mail_user_edit.php',
  'mail/mail_user_list.php',
  'mailuser/mail_user_autoresponder_edit.php',
  'monitor/show_sys_state.php',
  'sites/database_list.php',
  'sites/web_vhost_domain_list.php',
  'tools/index.php',
  'tools/resync.php',
];
