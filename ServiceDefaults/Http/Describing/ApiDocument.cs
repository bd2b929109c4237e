using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrderSample.ServiceDefaults.Chaos;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.ServiceDefaults.Http.Describing;

/// <summary>Describes a service's HTTP API to whoever reads its OpenAPI document.</summary>
public static class ApiDocument
{
    private const string Version = "1.0";

    /// <summary>Gives the document its title and texts, and each operation what all have in common. An endpoint's own words and examples stay beside it.</summary>
    /// <param name="api">Options of <c>AddOpenApi</c>. Call that in the service's own project: the framework reads the docstrings of the project that calls it.</param>
    /// <param name="title">What the API is called.</param>
    /// <param name="description">What it is for, in two or three sentences.</param>
    /// <param name="tags">The groups of operations, each with a sentence.</param>
    public static void Describe(this OpenApiOptions api, string title, string description, params (string Name, string Description)[] tags)
    {
        ArgumentNullException.ThrowIfNull(api);
        (string Name, string Description)[] described = [.. tags, OutboxEndpoint.Tag, ChaosExtensions.Tag];
        api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = title, Version = Version, Description = description };
            // The service's own groups come first, those of the plumbing last.
            document.Tags = document.Tags?.OrderBy(tag => Array.FindIndex(described, x => x.Name == tag.Name)).ToHashSet();
            foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
                tag.Description = described.FirstOrDefault(x => x.Name == tag.Name).Description;
            return Task.CompletedTask;
        });
        api.AddOperationTransformer<OperationDescription>();
        api.AddSchemaTransformer((schema, context, _) =>
        {
            var type = context.JsonTypeInfo.Type;
            // The framework takes each parameter of a constructor for required. Nulls are left out of answers, and may be left out of requests without [Required].
            foreach (var property in context.JsonTypeInfo.Properties.Where(x => x.IsGetNullable && x.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) != true))
                schema.Required?.Remove(property.Name);
            // The framework does not know what a custom converter writes.
            if (type == typeof(decimal) || type == typeof(decimal?))
                (schema.Type, schema.Format) = (JsonSchemaType.Number | (type == typeof(decimal?) ? JsonSchemaType.Null : 0), "double");
            if (type.IsEnum)
                schema.Type = JsonSchemaType.String;
            // The framework adds it to every problem that is sent.
            if (type.IsAssignableTo(typeof(ProblemDetails)))
                schema.Properties!["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The trace of the request." };
            return Task.CompletedTask;
        });
    }
}
