using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>Collects what is wrong with a request: the first error of each field.</summary>
public sealed class ValidationErrors
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>The errors by field.</summary>
    public IReadOnlyDictionary<string, string[]> ByField => _errors;

    /// <summary>Adds an error unless the field has one.</summary>
    /// <param name="field">Path in the request, for example <c>lines[0].sku</c>; empty for the request as a whole.</param>
    /// <param name="message">What is wrong, for the caller's developer.</param>
    public void Add(string field, string message) => _errors.TryAdd(field, [message]);

    /// <summary>Adds an error when a rule is broken.</summary>
    /// <param name="holds">Whether the rule holds.</param>
    /// <param name="field">Path in the request.</param>
    /// <param name="message">What is wrong.</param>
    /// <returns><paramref name="holds"/>.</returns>
    public bool Check(bool holds, string field, string message)
    {
        if (!holds)
            Add(field, message);
        return holds;
    }

    /// <summary>The 400 answer.</summary>
    public ValidationProblem ToResult() => TypedResults.ValidationProblem(_errors);

    internal HttpValidationProblemDetails ToProblem() => new(_errors) { Status = StatusCodes.Status400BadRequest };
}
