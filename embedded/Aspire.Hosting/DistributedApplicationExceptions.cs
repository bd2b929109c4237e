namespace Aspire.Hosting;

/// <summary>The application can't be built, started or run as described.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the way out.</param>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and the way out.</param>
    /// <param name="innerException">The cause.</param>
    public DistributedApplicationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A parameter or connection string is not configured.</summary>
/// <param name="message">Which one, and where to set it.</param>
public sealed class MissingParameterValueException(string message) : DistributedApplicationException(message);
