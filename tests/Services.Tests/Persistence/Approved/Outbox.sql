-- A message is consumed
BEGIN TRY
    INSERT INTO [InboxState] ([MessageId], [ConsumerId], [LockId],
        [Received], [ReceiveCount], [Consumed], [Delivered])
    VALUES ({0}, {1}, {1}, {2}, 1, {2}, {2});
END TRY
BEGIN CATCH
    IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
END CATCH

-- Old inbox rows go
DELETE FROM [InboxState] WHERE [Id] IN (
    SELECT TOP ({1}) [Id] FROM [InboxState] WITH (UPDLOCK, ROWLOCK, READPAST) ORDER BY [Id])
AND [Received] < {0}

-- The sweeper takes what is due
UPDATE [row] SET [EnqueueTime] = {1} OUTPUT inserted.*
FROM (SELECT TOP ({2}) [SequenceNumber] FROM [OutboxMessage] WITH (UPDLOCK, ROWLOCK, READPAST)
    WHERE [EnqueueTime] <= {0} ORDER BY [EnqueueTime]) AS [due]
INNER LOOP JOIN [OutboxMessage] AS [row] WITH (ROWLOCK)
ON [row].[SequenceNumber] = [due].[SequenceNumber] AND [row].[EnqueueTime] <= {0}

-- The sweeper looks at rows [7,8]
UPDATE [row] SET [EnqueueTime] = {1} OUTPUT inserted.*
FROM OPENJSON({0}) WITH ([id] bigint '$') AS [given] INNER LOOP JOIN [OutboxMessage] AS [row] WITH (ROWLOCK)
ON [row].[SequenceNumber] = [given].[id]

-- Confirmed rows go
DELETE [row] FROM OPENJSON({0}) WITH ([id] bigint '$') AS [given] INNER LOOP JOIN [OutboxMessage] AS [row] WITH (ROWLOCK)
ON [row].[SequenceNumber] = [given].[id]

-- Failed rows wait: [{"SequenceNumber":7,"Next":"2026-01-02T03:04:05.678","Attempts":1,"Error":"no queue"},{"SequenceNumber":8,"Next":null,"Attempts":12,"Error":"parked"}]
UPDATE [row] SET [EnqueueTime] = [failed].[Next], [LastError] = [failed].[Error],
    [Attempts] = [failed].[Attempts]
FROM OPENJSON({0}) WITH ([SequenceNumber] bigint '$.SequenceNumber', [Next] datetime2 '$.Next', [Attempts] int '$.Attempts', [Error] nvarchar(max) '$.Error') AS [failed]
INNER LOOP JOIN [OutboxMessage] AS [row] WITH (ROWLOCK)
ON [row].[SequenceNumber] = [failed].[SequenceNumber]

-- Timeouts ["11111111-1111-1111-1111-111111111111"] are cancelled
DELETE [row] FROM OPENJSON({0}) WITH ([id] uniqueidentifier '$') AS [given] INNER LOOP JOIN [OutboxMessage] AS [row] WITH (ROWLOCK)
ON [row].[SchedulingTokenId] = [given].[id] AND [row].[SchedulingTokenId] IS NOT NULL
