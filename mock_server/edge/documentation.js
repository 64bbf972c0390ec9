// Shows the OpenAPI document with Swagger UI, ready to call the mock.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);

// Swagger UI sends a file field in which no file was chosen as an empty file.
function withoutUnchosenFiles(request) {
  const form = request.body;
  if (form instanceof FormData) {
    for (const name of new Set(form.keys())) {
      const chosen = form.getAll(name).filter((value) => !(value instanceof Blob) || value.size > 0);
      form.delete(name);
      chosen.forEach((value) => form.append(name, value));
    }
  }
  return request;
}

const page = SwaggerUIBundle({
  url: settings.url,
  dom_id: "#documentation",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  requestInterceptor: withoutUnchosenFiles,
  // The default asks a public service to check the document.
  validatorUrl: null,
  // A key of an earlier server must not take the place of the one that works.
  persistAuthorization: settings.key === null,
  onComplete: () => {
    if (settings.key !== null) {
      page.preauthorizeApiKey("bearer", settings.key);
    }
  },
});
