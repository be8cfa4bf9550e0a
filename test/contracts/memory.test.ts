import { MemoryActStore } from '../../src/storage/memory/act-store.memory.js';
import { MemoryEnrolmentStore } from '../../src/storage/memory/enrolment-store.memory.js';
import { MemoryPendingStore } from '../../src/storage/memory/pending-store.memory.js';
import { MemoryRateLimiter } from '../../src/storage/memory/rate-limiter.memory.js';
import { MemoryStepUpStore } from '../../src/storage/memory/step-up-store.memory.js';
import { actStoreContract } from './act-store.contract.js';
import { enrolmentStoreContract } from './enrolment-store.contract.js';
import { pendingStoreContract } from './pending-store.contract.js';
import { rateLimiterContract } from './rate-limiter.contract.js';
import type { Open } from './short-lived.js';
import { stepUpStoreContract } from './step-up-store.contract.js';

function inMemory<Port>(Store: new (now: () => number) => Port): Open<Port> {
  return () => {
    let time = 1_764_000_000_000;
    const now = () => time;
    const pass = async (milliseconds: number) => {
      time += milliseconds;
    };
    return { store: new Store(now), now, pass };
  };
}

pendingStoreContract('memory', inMemory(MemoryPendingStore));
enrolmentStoreContract('memory', inMemory(MemoryEnrolmentStore));
stepUpStoreContract('memory', inMemory(MemoryStepUpStore));
rateLimiterContract('memory', inMemory(MemoryRateLimiter));
actStoreContract('memory', inMemory(MemoryActStore));
