namespace Microsoft.SqlServer.Server;

/// <summary>How a user-defined type is stored.</summary>
public enum Format
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>Field by field, by the server.</summary>
    Native,

    /// <summary>By the type itself, see <see cref="IBinarySerialize"/>.</summary>
    UserDefined,
}

/// <summary>A user-defined type that stores itself.</summary>
public interface IBinarySerialize
{
    /// <summary>Reads the value.</summary>
    /// <param name="r">Gives the bytes.</param>
    void Read(BinaryReader r);

    /// <summary>Writes the value.</summary>
    /// <param name="w">Takes the bytes.</param>
    void Write(BinaryWriter w);
}

/// <summary>Marks a user-defined type.</summary>
/// <param name="format">How it is stored.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    /// <summary>How it is stored.</summary>
    public Format Format => format;

    /// <summary>Longest value, in bytes; -1: without limit.</summary>
    public int MaxByteSize { get; set; }

    /// <summary>Whether all values have the same length.</summary>
    public bool IsFixedLength { get; set; }

    /// <summary>Whether values compare as their bytes do.</summary>
    public bool IsByteOrdered { get; set; }

    /// <summary>The method that checks a value.</summary>
    public string? ValidationMethodName { get; set; }

    /// <summary>The type's name in the database.</summary>
    public string? Name { get; set; }
}

/// <summary>A type is not fit for being a user-defined one.</summary>
/// <param name="message">Why.</param>
public sealed class InvalidUdtException(string message) : SystemException(message)
{
    /// <summary>Makes the exception.</summary>
    /// <param name="udtType">The type.</param>
    /// <param name="resourceReason">Why.</param>
    public static InvalidUdtException Create(Type udtType, string resourceReason)
    {
        ArgumentNullException.ThrowIfNull(udtType);
        return new InvalidUdtException($"'{udtType.FullName}' is no user-defined type: {resourceReason}");
    }
}
