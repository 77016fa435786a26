// Calls a CDS service with Medplum's client: discovery, prefetch from a FHIR server, the call.
// Reads {core, fhir_origin, cds_services, service, patient, tokens: {url: JWT}} from standard input, writes {services, request, response}.
// Node before 22 has no WebSocket, which the library names when it is loaded.
globalThis.WebSocket ??= class {};
const settings = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const { MedplumClient, buildCdsRequest } = require(settings.core);

function withToken(url, options) {
  const token = settings.tokens[String(url)];
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  return fetch(url, { ...options, headers });
}

async function main() {
  const client = new MedplumClient({
    baseUrl: settings.fhir_origin,
    fhirUrlPath: "fhir",
    cdsServicesUrl: settings.cds_services,
    fetch: withToken,
  });
  const { services } = await client.getCdsServices();
  const service = services.find((each) => each.id === settings.service);
  const user = { resourceType: "Practitioner", id: "alma" };
  const context = { userId: "Practitioner/alma", patientId: settings.patient };
  const request = await buildCdsRequest(client, user, service, context);
  const response = await client.callCdsService(service.id, request);
  process.stdout.write(JSON.stringify({ services, request, response }));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
