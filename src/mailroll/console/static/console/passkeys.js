// Passkeys: a form with data-passkey asks the browser for a credential before it is sent.
"use strict";

(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => {
    let plain = "";
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asJson = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const make = (options, form) => {
    const asked = options.publicKey;
    const alone = form.elements.passwordless && form.elements.passwordless.checked;
    return navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
        authenticatorSelection: {
          ...asked.authenticatorSelection,
          residentKey: alone ? "required" : "discouraged",
          requireResidentKey: Boolean(alone),
          ...(alone ? { userVerification: "required" } : {}),
        },
      },
    });
  };
  const ask = (options) => {
    const asked = options.publicKey;
    return navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
    });
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("The Console did not answer. Try again.");
    return (await answer.json()).request_options;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const words of document.querySelectorAll(".no-passkeys")) words.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fault = form.querySelector(".fault[hidden], .fault[role=alert]");
      try {
        const options = await optionsOf(form);
        const credential = await (form.dataset.passkey === "create" ? make(options, form) : ask(options));
        form.elements.credential.value = asJson(credential);
        form.submit();
      } catch (problem) {
        const left = problem.name === "NotAllowedError" || problem.name === "AbortError";
        fault.querySelector("span").textContent = left
          ? "No passkey was used. Try again, or take another way."
          : problem.name === "InvalidStateError" ? "This device has a passkey for you already." : problem.message;
        fault.hidden = false;
      }
    });
  }
})();
