import { leases } from "./leases.js";

globalThis.leases = leases;
