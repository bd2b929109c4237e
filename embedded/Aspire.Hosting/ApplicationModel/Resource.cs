using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the distributed application: a process, a server, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application (compared without case).</summary>
    string Name { get; }

    /// <summary>Everything the builder's extension methods said about the resource, in order.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>One fact about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>A resource's annotations.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Base of every resource.</summary>
public abstract class Resource : IResource
{
    /// <summary>Creates the resource.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not 1–64 ASCII letters, digits and single hyphens that starts with a letter.</exception>
    protected Resource(string name)
    {
        ResourceNames.ThrowIfInvalid(name);
        Name = name;
    }

    /// <inheritdoc/>
    public virtual string Name { get; }

    /// <inheritdoc/>
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A resource that belongs to another one, such as a database to its server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it belongs to.</summary>
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    /// <inheritdoc cref="IResourceWithParent.Parent"/>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource whose process gets environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource whose process gets command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others find by name through service discovery.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>Tells a parameter or an argument that names a resource.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResourceNameAttribute : Attribute;

internal static class ResourceNames
{
    private const int MaxLength = 64;

    public static void ThrowIfInvalid(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var valid = name.Length <= MaxLength && char.IsAsciiLetter(name[0]) && name[^1] != '-'
            && !name.Contains("--", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        if (!valid)
        {
            throw new ArgumentException(
                $"Resource name '{name}' is invalid: it takes 1 to {MaxLength} ASCII letters, digits and single hyphens, starting with a letter and not ending with a hyphen.",
                nameof(name));
        }
    }
}
