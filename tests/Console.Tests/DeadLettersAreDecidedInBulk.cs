using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class DeadLettersAreDecidedInBulk(ConsoleSystem system)
{
    private const string Endpoint = "inventory-reservations";

    [Fact]
    public async Task When_some_are_selected_they_are_discarded_and_all_that_are_open_then_are_replayed()
    {
        var type = $"Unknown{Guid.NewGuid():N}";
        using (var broker = await Broker.Of(system.App))
        {
            for (var i = 0; i < 3; i++)
            {
                var id = Guid.NewGuid().ToString();
                var body = JsonSerializer.SerializeToUtf8Bytes(new { messageId = id, messageType = new[] { $"urn:message:OrderSample.Tests:{type}" }, message = new { } });
                await broker.Publish(Endpoint, "", body, id, new() { ["Content-Type"] = "application/vnd.masstransit+json" });
            }
        }

        var page = await system.SignedIn("lise");
        await page.GotoAsync("/desk");
        await page.GetByRole(AriaRole.Table, new() { Name = "Dead letters that have most likely failed for the same reason" })
            .GetByRole(AriaRole.Row).Filter(new() { HasText = type }).GetByRole(AriaRole.Link).ClickAsync();
        var letters = page.GetByRole(AriaRole.Table, new() { Name = "Dead letters, newest first" });
        // Before, the list has all dead letters; what is selected in one list is not in another.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Of this group" })).ToBeVisibleAsync();
        await Expect(letters.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);

        var several = page.GetByRole(AriaRole.Group, new() { Name = "Several dead letters" });
        await Expect(several.GetByRole(AriaRole.Button, new() { Name = "Discard" })).ToBeDisabledAsync();
        await letters.GetByLabel("Select all of this page").CheckAsync();
        await Expect(several).ToContainTextAsync("3 selected");
        await letters.GetByRole(AriaRole.Row).Last.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await page.IsAccessible();
        await page.Picture("desk-bulk");
        await several.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Confirm(page, "Discard 2 dead letters?", "tests of mine");
        await Expect(page.GetByText("2 of 2 dead letters: 2 discarded.").First).ToBeVisibleAsync();
        await Expect(letters.GetByText("Discarded", new() { Exact = true })).ToHaveCountAsync(2);

        await several.GetByLabel("All of this group that are open").CheckAsync();
        await several.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Confirm(page, "Replay 1 dead letter?", "somebody may know it now");
        await Expect(page.GetByText("1 of 1 dead letter: 1 replayed.").First).ToBeVisibleAsync();

        await page.GotoAsync("/audit");
        var trail = page.GetByRole(AriaRole.Table);
        await Expect(trail.GetByRole(AriaRole.Row).Filter(new() { HasText = "Discarded dead letters in bulk" }).First).ToContainTextAsync("tests of mine");
        await Expect(trail.GetByRole(AriaRole.Row).Filter(new() { HasText = "Replayed dead letters in bulk" }).First).ToContainTextAsync("somebody may know it now");
    }

    [Fact]
    public async Task When_it_is_no_message_a_replay_is_not_offered()
    {
        var text = $"no message {Guid.NewGuid()}";
        using (var broker = await Broker.Of(system.App))
            await broker.Publish(Broker.DefaultExchange, "notification-sms", Encoding.UTF8.GetBytes(text), Guid.NewGuid().ToString());
        var letter = await system.Backoffice.DeadLetter("notification-sms_error", text);

        var page = await system.SignedIn("lise");
        await page.GotoAsync($"/desk/{letter.Summary.Id}");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Discard" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Replay" })).ToHaveCountAsync(0);

        await page.GotoAsync($"/desk?group={letter.Summary.GroupId}");
        var several = page.GetByRole(AriaRole.Group, new() { Name = "Several dead letters" });
        await several.GetByLabel("All of this group that are open").CheckAsync();
        await several.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Expect(page.GetByText("None of them can be replayed.")).ToContainTextAsync("discard");
    }

    private static async Task Confirm(IPage page, string question, string reason)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = question })).ToBeVisibleAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync(reason);
        await page.Keyboard.PressAsync("Enter");
    }
}
