-- A case is found again
-- p0 VarBinary(8000)
SELECT TOP(2) [o].[Id], [o].[Attempts], [o].[Body], [o].[Cause], [o].[Copies], [o].[CopyKey], [o].[EditedFrom], [o].[Endpoint], [o].[ExceptionMessage], [o].[ExceptionType], [o].[Exchange], [o].[Fingerprint], [o].[FirstAt], [o].[GroupId], [o].[HandledAt], [o].[HandledBy], [o].[LastAt], [o].[LastFailedReplay], [o].[LastReplay], [o].[LostDeliveries], [o].[MessageId], [o].[MessageType], [o].[OrderId], [o].[Properties], [o].[Queue], [o].[Redeliveries], [o].[Retries], [o].[RoutingKey], [o].[StackTrace], [o].[Status]
FROM (
    SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [Fingerprint] = @p0
) AS [o]

-- The open case of a copy is taken
-- p0 VarBinary(8000)
SELECT TOP(2) [o].[Id], [o].[Attempts], [o].[Body], [o].[Cause], [o].[Copies], [o].[CopyKey], [o].[EditedFrom], [o].[Endpoint], [o].[ExceptionMessage], [o].[ExceptionType], [o].[Exchange], [o].[Fingerprint], [o].[FirstAt], [o].[GroupId], [o].[HandledAt], [o].[HandledBy], [o].[LastAt], [o].[LastFailedReplay], [o].[LastReplay], [o].[LostDeliveries], [o].[MessageId], [o].[MessageType], [o].[OrderId], [o].[Properties], [o].[Queue], [o].[Redeliveries], [o].[Retries], [o].[RoutingKey], [o].[StackTrace], [o].[Status]
FROM (
    SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [CopyKey] = @p0 AND [Status] = 'Open'
) AS [o]

-- A case is taken
-- p0 BigInt
SELECT TOP(2) [o].[Id], [o].[Attempts], [o].[Body], [o].[Cause], [o].[Copies], [o].[CopyKey], [o].[EditedFrom], [o].[Endpoint], [o].[ExceptionMessage], [o].[ExceptionType], [o].[Exchange], [o].[Fingerprint], [o].[FirstAt], [o].[GroupId], [o].[HandledAt], [o].[HandledBy], [o].[LastAt], [o].[LastFailedReplay], [o].[LastReplay], [o].[LostDeliveries], [o].[MessageId], [o].[MessageType], [o].[OrderId], [o].[Properties], [o].[Queue], [o].[Redeliveries], [o].[Retries], [o].[RoutingKey], [o].[StackTrace], [o].[Status]
FROM (
    SELECT * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK) WHERE [Id] = @p0
) AS [o]

-- Open cases of a group are taken
-- p0 Int, p1 UniqueIdentifier, p2 BigInt, p3 BigInt
SELECT TOP (@p0) * FROM [DeadLetters] WITH (UPDLOCK, ROWLOCK, READPAST)
WHERE [GroupId] = @p1 AND [Status] = 'Open' AND [Id] > @p2 AND [Id] <= @p3
ORDER BY [Id]
