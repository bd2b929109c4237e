using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class TheHandbookIsRead(ConsoleSystem system)
{
    [Fact]
    public async Task When_a_page_is_looked_for_it_is_found_read_and_left_for_the_next()
    {
        var page = await system.SignedIn("ada");
        await page.GotoAsync("/handbook");
        await page.GetByLabel("Search the handbook").FillAsync("raft term");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".found").GetByRole(AriaRole.Link, new() { NameRegex = new("Quorum queues") }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new("Quorum queues") })).ToBeVisibleAsync();
        // A picture that the browser refuses has no width.
        await page.WaitForFunctionAsync("document.querySelector('.prose figure img').naturalWidth > 100");
        await page.Locator("[rel=next]").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new("Partitions") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task When_a_command_is_copied_it_has_this_systems_addresses()
    {
        var page = await system.SignedIn("ada");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync("/handbook#looking-inside");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the code" }).First.ClickAsync();
        await Expect(page.GetByText("Copied")).ToBeVisibleAsync();

        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains($"\"{system.Address.Authority}/$path\"", copied, StringComparison.Ordinal);
        Assert.DoesNotContain("-PORT", copied, StringComparison.Ordinal);
        Assert.DoesNotContain("$(cat .data/", copied, StringComparison.Ordinal);
    }
}
