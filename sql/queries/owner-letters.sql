-- Mails to owners about their filters, until they are sent.

-- name: insertLetter
INSERT INTO glint.owner_letters
  (user_id, mq_id, subject, paragraphs, created_at, due_at, tries, problem)
VALUES (:userId, :queryId, :subject, :paragraphs, :now, :now, 0, '');

-- name: selectDue
SELECT letters.letter_id, letters.mq_id, letters.subject, letters.paragraphs, letters.created_at,
  letters.tries, users.email, users.disabled_at IS NOT NULL AS is_disabled
FROM glint.owner_letters AS letters
LEFT JOIN glint.users AS users ON users.user_id = letters.user_id
WHERE letters.due_at <= :now
ORDER BY letters.due_at, letters.letter_id
LIMIT :count;

-- name: deleteLetter
DELETE FROM glint.owner_letters WHERE letter_id = :letterId;

-- name: postpone
UPDATE glint.owner_letters
SET tries = tries + 1, due_at = :dueAt, problem = :problem
WHERE letter_id = :letterId;
