// A table that is wider than the page is scrolled in a frame that the theme makes: by keyboard only where it takes the focus.
const reach = () => {
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    frame.tabIndex = 0;
  }
};
new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
reach();
