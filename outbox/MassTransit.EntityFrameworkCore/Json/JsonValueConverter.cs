using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

#pragma warning disable CS8634 // The bus's deserializer is declared for types that are never null, and gives null for "null" all the same.

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Keeps a value in a text column, as the JSON that the bus writes.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="hints">What the column should be like.</param>
public class JsonValueConverter<T>(ConverterMappingHints? hints = null)
    : ValueConverter<T, string>(value => ObjectDeserializer.Serialize(value)!, json => ObjectDeserializer.Deserialize<T>(json)!, hints)
    where T : class?;
