using System.Net;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AnAddressLeadsNowhere(ConsoleSystem system)
{
    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/desk/abc")]
    public async Task When_a_person_goes_there_the_console_says_so_and_leads_on(string path)
    {
        var page = await system.SignedIn("ada");
        var answer = await page.GotoAsync(path);

        Assert.Equal((int)HttpStatusCode.NotFound, answer!.Status);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Not found" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Orders", Exact = true }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Orders", Exact = true })).ToBeVisibleAsync();
    }
}
