import { fleetRepositoryContract } from '../contracts/fleet-repository.contract.ts';
import { MemoryFleet } from './memory-fleet.ts';

fleetRepositoryContract('a fleet in memory', () => Promise.resolve(new MemoryFleet()));
