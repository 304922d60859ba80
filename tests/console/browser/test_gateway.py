"""The Gateway tab by hand: a kind is chosen, the answers are checked and a token is made, with script and without."""

from playwright.sync_api import Browser, expect

from tests.console.browser import axe
from tests.console.browser.looks import keep
from tests.console.browser.stage import Stage
from tests.console.browser.watching import sideways

TAB = "/domains/brightwater.example/gateway/"


def test_a_gateway_is_set_up_and_checked(browser: Browser, stage: Stage) -> None:
    _set_up(browser, stage, "mx1", script=True)
    _set_up(browser, stage, "mx2", script=False)


def _set_up(browser: Browser, stage: Stage, gateway: str, *, script: bool) -> None:
    context = browser.new_context(base_url=stage.url, java_script_enabled=script)
    context.add_cookies([stage.cookie("owner")])
    if script:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        axe.carry(context)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(TAB)
    page.get_by_role("link", name="Rspamd, from maps over HTTP").click()
    shown = page.get_by_text("MAILROLL_UNKNOWN")
    expect(shown).to_be_visible()
    if script:
        page.get_by_role("button", name="Copy /etc/rspamd/local.d/composites.conf").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == shown.text_content()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("row", name="A known user")).to_contain_text("is accepted")
    expect(shown).to_be_visible()
    looks = [sideways(page)]
    findings = axe.findings(page) if script else []
    keep(page, f"11e-gateway-checked-{script}")
    page.get_by_label("Name").fill(gateway)
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("mailroll_")).to_be_visible()
    looks.append(sideways(page))
    findings += axe.findings(page) if script else []
    keep(page, f"11f-gateway-token-{script}")
    page.get_by_role("link", name="Back to the Gateway tab").click()
    page.get_by_role("button", name=f"Revoke {gateway}").click()
    expect(page.get_by_text(f"The token “{gateway}” no longer works.")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{TAB}?kind=postfix-texthash")
    keep(page, f"11g-gateway-wide-{script}")
    findings += axe.findings(page) if script else []
    assert findings == []
    assert not any(looks)
    context.close()
