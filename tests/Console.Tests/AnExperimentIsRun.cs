using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AnExperimentIsRun(ConsoleSystem system)
{
    [Fact]
    public async Task When_it_is_run_on_its_page_its_steps_and_its_evidence_are_seen_until_it_has_passed()
    {
        var page = await system.SignedIn("iris");
        await page.GotoAsync("/handbook/saga");
        await page.GetByRole(AriaRole.Link, new() { Name = "Payment and cancellation at the same moment" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        await Expect(page.Locator(".lab-steps li.running")).ToBeVisibleAsync();
        await Expect(page.Locator(".notice.good")).ToContainTextAsync("everything is put back");
        await Expect(page.Locator(".lab-steps li.done")).ToHaveCountAsync(5);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Orders of this run" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(21);
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Checks" })).ToContainTextAsync("Each of the 20 ended in one of the two.");
        await page.Picture("lab-passed");
        await page.GotoAsync("/audit");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Ran an experiment" }).First).ToContainTextAsync("iris");
    }

    [Fact]
    public async Task When_a_presenter_goes_step_by_step_by_keys_and_leaves_the_page_what_was_broken_is_put_back()
    {
        var page = await system.SignedIn("iris");
        await page.GotoAsync("/lab/poison-message");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run step by step" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Next step" })).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator(".lab-steps li:visible")).ToHaveCountAsync(1);
        await Expect(page.Locator(".lab-steps li:visible")).ToContainTextAsync("Poison a product");
        await page.Keyboard.PressAsync("ArrowRight");
        await system.Eventually("the product to be poisoned", _ => FailSku(), sku => sku == "LAB-POISON-MESSAGE");
        await Expect(page.Locator(".lab-steps li:visible")).ToContainTextAsync("Order it, and another product");
        await page.Picture("lab-presenter");

        var viewer = await system.SignedIn("vera", "Viewer");
        await viewer.GotoAsync("/lab/poison-message");
        await Expect(viewer.GetByRole(AriaRole.Button, new() { Name = "Put back" })).ToBeDisabledAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Stock", Exact = true }).ClickAsync();
        await system.Eventually("the poison to be taken away", _ => FailSku(), sku => sku is null);
        await page.GotoAsync("/lab/poison-message");
        await Expect(page.Locator(".notice.warn")).ToContainTextAsync("Cancelled");
    }

    private async Task<string?> FailSku()
    {
        using var http = system.App.CreateHttpClient("inventory-service");
        return (await http.GetFromJsonAsync<JsonElement>("/chaos")).TryGetProperty("failSku", out var sku) ? sku.GetString() : null;
    }
}
