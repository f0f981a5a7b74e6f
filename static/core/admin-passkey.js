// Says on the page that a passkey did not work, or was not chosen; allauth's script reports it by this event.
document.addEventListener("allauth.error", event => {
  event.preventDefault()
  document.querySelector("[data-passkey-failed]").hidden = false
})
