using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using OrderSample.Services.Tests.Running;

namespace OrderSample.Services.Tests.OpenApi;

/// <summary>A service and the OpenAPI document that it shows.</summary>
public sealed class DescribedApi<TEntryPoint> : ServiceWithoutServers<TEntryPoint>
    where TEntryPoint : class
{
    public DescribedApi() => Settings["Chaos:Enabled"] = "true";

    /// <exception cref="InvalidOperationException">The document is not valid.</exception>
    public async Task<OpenApiDocument> ReadAsync()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(await Client.GetStringAsync("/openapi/v1.json"), "json");
        return diagnostic is { Errors: [], Warnings: [] } ? document! : throw new InvalidOperationException(string.Join("; ", diagnostic!.Errors.Concat(diagnostic.Warnings)));
    }

    public async Task<IReadOnlyList<Operation>> OperationsAsync()
    {
        var endpoints = Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .ToDictionary(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName);
        return [.. from path in (await ReadAsync()).Paths
                   from operation in path.Value.Operations!
                   select new Operation(path.Key, operation.Key, operation.Value, endpoints[operation.Value.OperationId!])];
    }
}

/// <summary>An operation, as the document says it and as it is.</summary>
public sealed record Operation(string Path, HttpMethod Method, OpenApiOperation Text, Endpoint Endpoint)
{
    public string Name => Text.OperationId!;

    public JsonNode? Body => Media?.Example;

    public IOpenApiSchema? BodySchema => Media?.Schema;

    public IEnumerable<IOpenApiParameter> Parameters => Text.Parameters ?? [];

    private OpenApiMediaType? Media => Text.RequestBody?.Content?["application/json"];

    /// <summary>What the document shows, sent.</summary>
    /// <param name="body">Another body than the example; null: the example, if there is one.</param>
    /// <param name="type">The body's content type.</param>
    /// <param name="without">A parameter to leave out.</param>
    /// <param name="pathValue">What the path's parameters are; null: the examples.</param>
    public HttpRequestMessage Request(string? body = null, string type = "application/json", IOpenApiParameter? without = null, string? pathValue = null)
    {
        var path = Parameters.Where(x => x.In == ParameterLocation.Path)
            .Aggregate(Path, (sofar, x) => sofar.Replace($"{{{x.Name}}}", pathValue ?? $"{x.Example}", StringComparison.Ordinal));
        var query = Parameters.Where(x => x.In == ParameterLocation.Query && x.Example is not null && x != without)
            .Select(x => $"{x.Name}={Uri.EscapeDataString($"{x.Example}")}");
        var content = body ?? Body?.ToJsonString();
        return new HttpRequestMessage(Method, $"{path}?{string.Join('&', query)}")
        {
            Content = content is null ? null : new StringContent(content, Encoding.UTF8, type),
        };
    }

    public override string ToString() => Name;
}
