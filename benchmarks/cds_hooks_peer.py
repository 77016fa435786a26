"""HealthChain's patient-view service, as its documentation builds one; run by benchmarks.cds_hooks with a Python that has it.

It counts what was prefetched and makes one card. It has no client token, no audit, no rules: the least a service can do.
"""

import sys

import uvicorn
from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models import CDSRequest, CDSResponse

service = CDSHooksService()


@service.hook("patient-view", id="peer")  # type: ignore[untyped-decorator]
def patient_view(request: CDSRequest) -> CDSResponse:
    """Return one card with the numbers of resources."""
    sent = request.prefetch or {}
    count = sum(len(each.get("entry", [])) for each in sent.values() if isinstance(each, dict))
    card = {"summary": f"{count} resources", "indicator": "info", "source": {"label": "Peer"}, "detail": "x"}
    return CDSResponse(cards=[card])


app = HealthChainAPI(title="peer")
app.register_service(service, path="/cds")

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
