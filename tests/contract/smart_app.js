// An app of the npm package `fhirclient`: launched by the EHR, it reads its patient and says who it is.
function say(text) {
  document.getElementById("patient").textContent = text;
}

async function main() {
  const parameters = new URLSearchParams(location.search);
  if (parameters.has("launch")) {
    await FHIR.oauth2.authorize({
      clientId: "contract-app",
      scope: "launch openid fhirUser patient/Patient.rs patient/Observation.rs online_access",
      redirectUri: "/",
      pkceMode: "required",
    });
    return;
  }
  const client = await FHIR.oauth2.ready();
  const patient = await client.patient.read();
  const observations = await client.patient.request("Observation?category=laboratory", { pageLimit: 0, flat: true });
  say(`${patient.id} | ${observations.length} | ${client.user.fhirUser} | ${client.getState("tokenResponse.scope")}`);
}

main().catch((error) => say(`failed: ${error.message}`));
