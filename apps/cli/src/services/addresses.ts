/** Where the services are: by flag, by environment variable, or on this machine. */
import { Option } from 'commander';

export function coordinatorOption(): Option {
  return new Option('--coordinator <url>', 'address of the coordinator')
    .env('ROWPARITY_COORDINATOR')
    .default('http://127.0.0.1:8080');
}

export function reporterOption(): Option {
  return new Option('--reporter <url>', 'address of the reporter')
    .env('ROWPARITY_REPORTER')
    .default('http://127.0.0.1:8082');
}
