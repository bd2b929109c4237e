using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore.ChangeTracking;

#pragma warning disable CS8634 // The bus's deserializer is declared for types that are never null, and gives null for "null" all the same.

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Notices changes inside of a value that is kept as JSON: two values are equal when they say so themselves, or else when
/// they are written alike.
/// </summary>
/// <typeparam name="T">The value.</typeparam>
public class JsonValueComparer<T>() : ValueComparer<T>(
    (left, right) => AreEqual(left, right), value => HashCodeOf(value), value => CopyOf(value))
    where T : class?
{
    private static bool AreEqual(T? left, T? right) =>
        left is IEquatable<T> equatable ? equatable.Equals(right) : string.Equals(Json(left), Json(right), StringComparison.Ordinal);

    private static int HashCodeOf(T value) =>
        value is IEquatable<T> ? value.GetHashCode() : Json(value)?.GetHashCode(StringComparison.Ordinal) ?? 0;

    private static T CopyOf(T value) =>
        value is ICloneable cloneable ? (T)cloneable.Clone() : ObjectDeserializer.Deserialize<T>(Json(value))!;

    private static string? Json(T? value) => ObjectDeserializer.Serialize(value);
}
