using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Dashboard.Messages;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers Aspire's dashboard, which asks by gRPC about the resources, their states and their logs, and passes on what is clicked.</summary>
internal sealed class ResourceService(DashboardSettings settings, ResourceQuestions questions, ILogger<ResourceService> logger) : IHostedService, IAsyncDisposable
{
    private const string Root = "/aspire.v1.DashboardService/";
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.IsEnabled)
            return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // The dashboard keeps calls open on which nothing is said for a long time.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, settings.ResourceServicePort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _server = builder.Build();

        MapOne<ApplicationInformationRequest>("GetApplicationInformation", (_, _) =>
            Task.FromResult<IMessage>(new ApplicationInformation { ApplicationName = settings.ApplicationName }));
        MapMany<WatchResourcesRequest>("WatchResources", (_, token) => questions.WatchResources(token));
        MapMany<ConsoleLogsRequest>("WatchResourceConsoleLogs", questions.WatchConsoleLogs);
        // Once begun it is finished, even when the page is closed: a restart must not end after the stop.
        MapOne<CommandRequest>("ExecuteResourceCommand", (request, _) => questions.Execute(request, _stopping.Token));
        // On it the host could ask the user; this one has no questions, and the dashboard wants the call to stay open.
        Map("WatchInteractions", (context, token) => context.Request.Body.CopyToAsync(Stream.Null, token));
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_server is not null)
            await _server.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private void MapOne<T>(string method, Func<T, CancellationToken, Task<IMessage>> answer)
        where T : IMessage<T>, new() =>
        Map(method, async (context, token) =>
            await context.Response.WriteMessage(await answer(await context.Request.ReadMessage<T>(token), token), token));

    private void MapMany<T>(string method, Func<T, CancellationToken, IAsyncEnumerable<IMessage>> answer)
        where T : IMessage<T>, new() =>
        Map(method, async (context, token) =>
        {
            await foreach (var message in answer(await context.Request.ReadMessage<T>(token), token))
                await context.Response.WriteMessage(message, token);
        });

    private void Map(string method, Func<HttpContext, CancellationToken, Task> answer) =>
        _server!.MapPost(Root + method, context => Answer(context, method, answer));

    private async Task Answer(HttpContext context, string method, Func<HttpContext, CancellationToken, Task> answer)
    {
        context.Response.ContentType = GrpcMessages.ContentType;
        if (!HasKey(context.Request))
        {
            context.Response.EndWith(GrpcStatus.Unauthenticated, $"The header {KeyHeader} is missing or wrong.");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            // So that the dashboard knows at once that it is heard.
            await context.Response.StartAsync(ended.Token);
            await answer(context, ended.Token);
            context.Response.EndWith(GrpcStatus.Ok);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            context.Response.EndWith(GrpcStatus.Unavailable);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            context.Response.EndWith(GrpcStatus.InvalidArgument, exception.Message);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Could not answer the dashboard's {Method}", method);
            context.Response.EndWith(GrpcStatus.Internal, exception.Message);
        }
    }

    private bool HasKey(HttpRequest request) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers[KeyHeader].ToString()), Encoding.UTF8.GetBytes(settings.ResourceServiceKey));
}
