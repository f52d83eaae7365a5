// For pm2. How to use it: docs/deployment.md
const path = require("node:path");

const root = path.join(__dirname, "..");

module.exports = {
  apps: [
    {
      name: "chatgpt-for-slack",
      cwd: root,
      script: "slackbot.py",
      interpreter: path.join(root, ".venv/bin/python"),
      exec_mode: "fork",
      instances: 1,
      watch: false,
      // SHUTDOWN_GRACE_SECONDS (25) and a minute to take down what is left, in milliseconds: raise both or none.
      kill_timeout: 90_000,
      // The workers that read files are the bot's to end.
      treekill: false,
      // After a crash it waits 0.1 s, and up to 15 s when it crashes again and again.
      exp_backoff_restart_delay: 100,
      // 2 says that an operator has something to mend.
      stop_exit_codes: [2],
      // All lines come on standard error and carry their own time.
      out_file: "/dev/null",
      time: false,
      merge_logs: true,
    },
  ],
};
