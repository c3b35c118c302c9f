import { leases } from "./leases.js";

console.log(JSON.stringify(await leases(JSON.parse(process.argv[2]))));
